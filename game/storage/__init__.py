"""Floor 3: saves and replays."""
