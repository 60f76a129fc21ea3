"""The game's screens: each draws one view model of the session."""
