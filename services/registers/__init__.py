"""The registers: which bodies an estate has, how posts are filled, whom they are there for, who works with whom."""
