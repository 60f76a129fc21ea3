"""Laws of money and ownership: arrays in, arrays out. Nothing here knows a State."""
