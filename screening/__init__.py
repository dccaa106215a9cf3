"""The daily report, its findings, and the duty to report."""
