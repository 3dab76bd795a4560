"""Points: coordinates and outlines of a file, and which area holds each."""
