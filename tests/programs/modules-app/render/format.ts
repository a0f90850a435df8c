export const money = (amount: number): string => {
  const [whole, cents] = amount.toFixed(2).split(".");
  let grouped = "";
  for (let i = 0; i < whole.length; i++) {
    if (i > 0 && (whole.length - i) % 3 === 0) grouped += ",";
    grouped += whole[i];
  }
  return `$${grouped}.${cents}`;
};
