"""What people see, in a real browser: run by script/browser-test."""
