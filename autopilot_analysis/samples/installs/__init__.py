"""Apps, scripts and policies of a made-up device, as its agent records them."""
