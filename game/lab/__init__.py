"""Floor 4: many games at once, their tables and their speed."""
