"""Pure decisions: facts in, a verdict out.  No clock, no chance, no SQL, no HTTP."""
