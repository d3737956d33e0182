"""How the shop's images are put together without a container engine: layers, archives, wheels, npm packages."""
