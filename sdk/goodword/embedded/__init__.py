"""The library in this process: a verb is a transaction that reads facts, asks a rule and writes."""
