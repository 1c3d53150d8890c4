"""The outside world: each module makes a port true, and decides nothing."""
