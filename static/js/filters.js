// A field left alone says nothing: it stays out of the address, whoever sends the form.
on("formdata", ({ target, formData }) => target.method === "get"
  && [...formData].forEach(([name, value]) => value || formData.delete(name)));
