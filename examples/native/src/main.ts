import { circle, square } from "native:shapes";

for (const size of [1, 2.5]) console.log(size, circle(size).toFixed(3), square(size));
