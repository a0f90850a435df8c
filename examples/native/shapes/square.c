double square(double side) { return side * side; }
