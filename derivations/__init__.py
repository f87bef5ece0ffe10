"""Neural-network gradients derived with SymPy in index notation, checked line by line, and turned into NumPy."""
