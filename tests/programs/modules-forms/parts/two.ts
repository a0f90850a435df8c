const first = "two.first";
export { first as second };
export const shared = 2;
