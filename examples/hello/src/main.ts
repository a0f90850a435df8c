// A greeting, and a small table of what kilns reach.

import { Kiln, kilns } from "./kilns";
import { table } from "./table";

const greet = (name = "world") => `Hello, ${name}!`;

console.log(greet(), greet("potter"));
console.log(table(["kiln", "clay", "°C"], kilns.map(({ name, clay, celsius }) => [name, clay, String(celsius)])));

const hottest = kilns.reduce((a, b) => (a.celsius > b.celsius ? a : b));
console.log(`The ${hottest} is the hottest of ${kilns.length}.`, hottest instanceof Kiln);
