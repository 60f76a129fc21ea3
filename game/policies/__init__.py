"""Floor 3: players by machine. They see an Observation and nothing else."""
