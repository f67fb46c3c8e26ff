"""Run workflow: of a commit, of a file that is pasted, of an archive; one page with three tabs."""
