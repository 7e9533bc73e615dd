"""The mailbox page: what each customer of the sample shop got, and what they were spared."""
