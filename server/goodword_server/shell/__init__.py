"""The owner's shell: pages for whoever runs a shop, apart from everything that friends reach."""
