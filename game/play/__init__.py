"""Floor 2: orders, deals, events and the turn."""
