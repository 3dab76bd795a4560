"""Issue 事项: raise one, and what is known about it already."""
