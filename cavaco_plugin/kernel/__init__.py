"""Small pure things every stage needs. A closed list: ids, hashing, keys, places, storable, windows."""
