"""Figures: indicators recounted, compared and ranked; the cards and the evidence behind them."""
