"""What people touch: the operations of the platform and the faces over them."""
