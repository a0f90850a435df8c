console.log("never evaluated: only types are imported from here");
export interface Never {}
