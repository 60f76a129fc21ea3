"""Laws of markets: arrays in, arrays out. Nothing here knows a State."""
