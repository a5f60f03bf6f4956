"""What leaves the house by mail or towards another system: queued with the step, sent later, visible when stuck."""
