console.log("effects ran");
