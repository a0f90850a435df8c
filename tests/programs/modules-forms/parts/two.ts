const first = "two.first";
export { first };
export const shared = 2;
