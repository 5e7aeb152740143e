"""What assistants that are language models may see and do."""
