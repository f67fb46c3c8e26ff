"""The code of a job: a commit of a repository, or an archive."""
