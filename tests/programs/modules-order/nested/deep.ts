import { shared } from "../shared";
import "./deeper";
console.log("deep");
shared.push("deep");
