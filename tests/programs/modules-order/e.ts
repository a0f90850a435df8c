console.log("e");
export const value = "value of e";
