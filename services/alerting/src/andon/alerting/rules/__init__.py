"""Rules: what people write, what it means, and which sensors it watches."""
