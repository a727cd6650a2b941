"""What other programs may ask and propose: tokens, tools, and who looks through each."""
