"""Floor 6: the door. Each verb imports what it needs, lazily."""
