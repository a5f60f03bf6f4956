"""Copies in which others cannot be recognised: found by a job, reviewed and approved by people, shown to who asked."""
