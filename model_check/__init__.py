"""The application against real peers: llama.cpp with a real model, and aimock's wire formats."""
