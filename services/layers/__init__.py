"""Layers: GeoJSON for one person's eyes."""
