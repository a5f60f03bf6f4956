"""Settings, urls, base pages, log-in, first-run set-up, commands, worker."""
