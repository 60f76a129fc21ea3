"""Why a number changed: two quarters, what the laws saw in each, and exact values of the causes."""
