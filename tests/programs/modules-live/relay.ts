import { count, increment } from "./counter";
export { count } from "./counter";
export const total = () => {
  increment(100);
  return count;
};
