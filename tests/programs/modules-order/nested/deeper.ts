import { shared } from "../shared";
console.log("deeper", shared.length);
