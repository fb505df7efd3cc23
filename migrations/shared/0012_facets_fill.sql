SELECT refresh_facets(array_agg(id)) FROM product;
