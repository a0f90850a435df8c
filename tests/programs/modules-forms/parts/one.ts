export const first = "one.first";
export const shared = 1;
