"""Guess: a first mapping from headers and contents, and the words nobody knows yet."""
