"""The context model: frozen facts that every gate and every policy shares. It imports nothing else of Tidewaiter."""
