"""Load limits as config subentries: their data, and the forms that add and change them."""
