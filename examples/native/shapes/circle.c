#include <math.h>
double circle(double radius) { return M_PI * pow(radius, 2); }
