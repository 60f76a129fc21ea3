"""Floor 3: scenarios. YAML in, ruleset and first state out; the only home of yaml and pydantic."""
