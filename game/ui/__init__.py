"""Floor 5: the window. The only package that draws, and the only one that knows pygame."""
